-- Claims, each of a link of its own: claim.lua SLUGS FIRST METHOD [KEY PAYERS].
package.path = debug.getinfo(1, "S").source:match("@(.*)/") .. "/?.lua;" .. package.path
local common = require("common")

local slugs, width, count, next_line
local before, after, payers, payer_width, payer_count, body_tail
sent, exhausted = 0, false

function init(arguments)
    slugs, width, count = common.read(arguments[1])
    next_line = tonumber(arguments[2])
    local method = arguments[3]
    if method == "ach" then
        local body = '{"method":"ach","destination":{"type":"ACH","routingNumber":"021000021",' ..
            '"accountNumber":"1234567890","accountName":"Acme Corp"}}'
        before, after = common.post("/v1/payment-links/claim/", "/claim", {}, body)
    else
        payers, payer_width, payer_count = common.read(arguments[5])
        local marker = string.rep("@", payer_width - 1)
        local body = '{"method":"wallet","destination":{"type":"WALLET","walletId":"' .. marker .. '"}}'
        before, after = common.post(
            "/v1/payment-links/claim/", "/claim", { "Authorization: Bearer " .. arguments[4] }, body)
        local at = after:find(marker, 1, true)
        body_tail = after:sub(at + #marker)
        after = after:sub(1, at - 1)
    end
end

function request()
    if next_line >= count then
        exhausted = true
        wrk.thread:stop()
        next_line = 0
    end
    local at = next_line * width
    local slug = slugs:sub(at + 1, at + width - 1)
    next_line = next_line + 1
    sent = sent + 1
    if not payers then return before .. slug .. after end
    local payer = ((next_line * 7919) % payer_count) * payer_width
    return before .. slug .. after .. payers:sub(payer + 1, payer + payer_width - 1) .. body_tail
end
