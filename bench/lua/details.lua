-- Public details of links, one after another: details.lua SLUGS.
package.path = debug.getinfo(1, "S").source:match("@(.*)/") .. "/?.lua;" .. package.path
local common = require("common")

local slugs, width, count, tail
sent = 0

function init(arguments)
    slugs, width, count = common.read(arguments[1])
    tail = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n\r\n"
end

function request()
    local at = ((sent * 7919) % count) * width
    sent = sent + 1
    return "GET /v1/payment-links/claim/" .. slugs:sub(at + 1, at + width - 1) .. tail
end
