-- Runs calls of the example for Lua: each line of standard input is a call, and each line of standard output its answer.

local Signer = require("kayako_sign")

local function decoded(digits)
    return (digits:gsub("%x%x", function(pair)
        return string.char(tonumber(pair, 16))
    end))
end

local function encoded(text)
    return (text:gsub(".", function(character)
        return string.format("%02x", character:byte())
    end))
end

local function call(operation, api_key, secret_key, ...)
    local signer = Signer.new(api_key, secret_key)
    return tostring(signer[operation](signer, ...))
end

for line in io.lines() do
    local values = {}
    for value in (line .. "\t"):gmatch("([^\t]*)\t") do
        values[#values + 1] = value
    end
    for index = 2, #values do
        values[index] = decoded(values[index])
    end
    local done, answer = pcall(call, unpack(values))
    if not done and type(answer) ~= "table" then
        error(answer)
    end
    print((done and 0 or answer.status) .. "\t" .. encoded(tostring(answer)))
end
