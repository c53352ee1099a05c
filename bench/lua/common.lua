-- What the scenarios share: a list of lines of one width, read from a place on, and a word at the end.
local common = {}

function common.read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    local width = assert(text:find("\n", 1, true), "an empty list: " .. path)
    return text, width, #text / width
end

-- A whole request, made once; only what differs from request to request is put between its parts.
function common.post(path_before, path_after, headers, body)
    local lines = { "Host: " .. wrk.headers["Host"], "Content-Type: application/json", "Content-Length: " .. #body }
    for _, header in ipairs(headers) do lines[#lines + 1] = header end
    return "POST " .. path_before, path_after .. " HTTP/1.1\r\n" .. table.concat(lines, "\r\n") .. "\r\n\r\n" .. body
end

local threads = {}

function setup(thread) threads[#threads + 1] = thread end

function done(summary, latency, requests)
    local sent, exhausted = 0, false
    for _, thread in ipairs(threads) do
        sent = sent + (thread:get("sent") or 0)
        exhausted = exhausted or thread:get("exhausted") == true
    end
    io.write(string.format(
        '\nRESULT {"sent":%d,"exhausted":%s,"completed":%d,"seconds":%.6f,"bytes":%d,' ..
        '"errors":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d},' ..
        '"latencyMs":{"p50":%.3f,"p95":%.3f,"p99":%.3f,"p99.9":%.3f,"max":%.3f}}\n',
        sent, tostring(exhausted), summary.requests, summary.duration / 1e6, summary.bytes,
        summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout,
        summary.errors.status, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
        latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, latency.max / 1e3))
end

return common
