-- Creations: create.lua KEY WALLETS.
package.path = debug.getinfo(1, "S").source:match("@(.*)/") .. "/?.lua;" .. package.path
local common = require("common")

local before, after, wallets, width, count, tail
sent = 0

function init(arguments)
    wallets, width, count = common.read(arguments[2])
    local marker = string.rep("@", width - 1)
    local body = '{"walletId":"' .. marker .. '","amount":"12.50","description":"Bench"}'
    before, after = common.post("/v1/payment-links", "", { "Authorization: Bearer " .. arguments[1] }, body)
    local request = before .. after
    local at = request:find(marker, 1, true)
    before, tail = request:sub(1, at - 1), request:sub(at + #marker)
end

function request()
    sent = sent + 1
    local at = (sent % count) * width
    return before .. wallets:sub(at + 1, at + width - 1) .. tail
end
