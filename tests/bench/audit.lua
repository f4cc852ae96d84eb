-- SPDX-License-Identifier: GPL-2.0-or-later
-- The same question as diy.py as a post-dissector in Lua: was each certificate that DTLS presents announced in
-- signalling before? SHA-256 in Lua, since tshark's Lua has none.
local certificate = Field.new("dtls.handshake.certificate")
local text = Field.new("websocket.payload.text")
local announced = {}
local audit = Proto("bench_audit", "Certificates and fingerprints")
audit.fields.verdict = ProtoField.string("bench_audit.verdict", "Verdict")

local band, bxor, bnot, rrotate, rshift = bit32.band, bit32.bxor, bit32.bnot, bit32.rrotate, bit32.rshift
local K = {}
do -- the first 32 bits of the fractional parts of the cube roots of the first 64 primes
    local n, prime = 0, 1
    while n < 64 do
        prime = prime + 1
        local is = true
        for d = 2, math.floor(math.sqrt(prime)) do
            if prime % d == 0 then is = false end
        end
        if is then
            n = n + 1
            K[n] = math.floor((prime ^ (1 / 3) % 1) * 2 ^ 32)
        end
    end
end

local function sha256(s)
    local h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}
    local bits = #s * 8
    s = s .. "\128" .. string.rep("\0", (55 - #s) % 64)
    for i = 7, 0, -1 do s = s .. string.char(math.floor(bits / 2 ^ (8 * i)) % 256) end
    for at = 1, #s, 64 do
        local w = {}
        for i = 1, 16 do
            local a, b, c, d = string.byte(s, at + 4 * i - 4, at + 4 * i - 1)
            w[i] = ((a * 256 + b) * 256 + c) * 256 + d
        end
        for i = 17, 64 do
            local x, y = w[i - 15], w[i - 2]
            w[i] = (w[i - 16] + bxor(rrotate(x, 7), rrotate(x, 18), rshift(x, 3)) + w[i - 7] +
                    bxor(rrotate(y, 17), rrotate(y, 19), rshift(y, 10))) % 2 ^ 32
        end
        local a, b, c, d, e, f, g, x = table.unpack(h)
        for i = 1, 64 do
            local t1 = x + bxor(rrotate(e, 6), rrotate(e, 11), rrotate(e, 25)) + bxor(band(e, f), band(bnot(e), g)) + K[i] + w[i]
            local t2 = bxor(rrotate(a, 2), rrotate(a, 13), rrotate(a, 22)) + bxor(band(a, b), band(a, c), band(b, c))
            x, g, f, e, d, c, b, a = g, f, e, (d + t1) % 2 ^ 32, c, b, a, (t1 + t2) % 2 ^ 32
        end
        for i, v in ipairs({a, b, c, d, e, f, g, x}) do h[i] = (h[i] + v) % 2 ^ 32 end
    end
    local out = {}
    for i = 1, 8 do out[i] = string.format("%08x", h[i]) end
    return table.concat(out)
end

function audit.init()
    announced = {}
end

function audit.dissector(tvb, pinfo, tree)
    for _, field in ipairs({text()}) do
        for fingerprint in tostring(field.value):gmatch("a=fingerprint:sha%-256 ([%x:]+)") do
            announced[fingerprint:gsub(":", ""):lower()] = pinfo.number
        end
    end
    for _, field in ipairs({certificate()}) do
        local digest = sha256(field.range:bytes():raw())
        tree:add(audit.fields.verdict, announced[digest] and "match" or "mismatch")
    end
end

register_postdissector(audit)
