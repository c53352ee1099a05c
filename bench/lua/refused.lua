-- Claims whose body is refused before anything is asked of the broker: the gateway's HTTP and parsing alone.
package.path = debug.getinfo(1, "S").source:match("@(.*)/") .. "/?.lua;" .. package.path
local common = require("common")

local text
sent = 0

function init(arguments)
    local body = '{"method":"wallet","destination":{"type":"WALLET","walletId":"wal_@@@@@@@@@@@@@@@@@@@@@@@@@@"}}'
    local before, after = common.post(
        "/v1/payment-links/claim/", "00000000000000000000/claim", { "Authorization: Bearer " .. arguments[1] }, body)
    text = before .. after
end

function request()
    sent = sent + 1
    return text
end
