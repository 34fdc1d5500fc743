-- Signs requests for Kayako Classic through libkayako_sign, by LuaJIT's ffi.
--
--     KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... luajit kayako_sign.lua

local ffi = require("ffi")

-- Declarations from kayako_sign.h.
ffi.cdef([[
typedef int32_t kayako_status;
typedef struct kayako_signer kayako_signer;
kayako_status kayako_signer_new(const char *api_key, size_t api_key_len, const char *secret_key,
                                size_t secret_key_len, kayako_signer **signer);
void kayako_signer_free(kayako_signer *signer);
size_t kayako_signer_insertion_max(const kayako_signer *signer);
kayako_status kayako_signer_sign(const kayako_signer *signer, const void *salt, size_t salt_len,
                                 char *out, size_t out_cap, size_t *out_len);
kayako_status kayako_signer_credentials(const kayako_signer *signer, char *out, size_t out_cap, size_t *out_len);
kayako_status kayako_signer_sign_url(const kayako_signer *signer, const char *url, size_t url_len,
                                     char *out, size_t out_cap, size_t *out_len);
kayako_status kayako_signer_verify(const kayako_signer *signer, const void *salt, size_t salt_len,
                                   const char *signature, size_t signature_len);
const char *kayako_status_message(int32_t status);
size_t kayako_signature_len(void);
]])

local library = ffi.load("libkayako_sign.so.0")
local OK = 0

-- An error of the library: a table with the status. tostring() returns its message.
local Error = {}
Error.__index = Error
Error.__tostring = function(self)
    return ffi.string(library.kayako_status_message(self.status))
end

local function check(status)
    if status ~= OK then
        error(setmetatable({ status = status }, Error))
    end
end

-- Calls a function that writes a text of at most `max` bytes.
local function text(max, call)
    local out, length = ffi.new("char[?]", max + 1), ffi.new("size_t[1]")
    check(call(out, max + 1, length))
    return ffi.string(out, length[0])
end

local Signer = {}
Signer.__index = Signer

-- Makes a signer. Lua's own strings cannot be wiped; close wipes the library's copy of the keys.
function Signer.new(api_key, secret_key)
    local handle = ffi.new("kayako_signer *[1]")
    check(library.kayako_signer_new(api_key, #api_key, secret_key, #secret_key, handle))
    -- The garbage collector frees it, unless close comes first.
    local signer = ffi.gc(handle[0], library.kayako_signer_free)
    local room = tonumber(library.kayako_signer_insertion_max(signer))
    return setmetatable({ handle = signer, room = room }, Signer)
end

function Signer:close()
    if self.handle then
        library.kayako_signer_free(ffi.gc(self.handle, nil))
        self.handle = nil
    end
end

-- Returns the signature of a salt, as base64.
function Signer:sign(salt)
    return text(tonumber(library.kayako_signature_len()), function(...)
        return library.kayako_signer_sign(self.handle, salt, #salt, ...)
    end)
end

-- Returns apikey=...&salt=...&signature=... with a fresh salt, for one request.
function Signer:credentials()
    return text(self.room, function(...)
        return library.kayako_signer_credentials(self.handle, ...)
    end)
end

-- Returns the URL of a GET or DELETE request with credentials in it, for one request.
function Signer:sign_url(url)
    return text(#url + self.room, function(...)
        return library.kayako_signer_sign_url(self.handle, url, #url, ...)
    end)
end

-- Returns whether a signature is that of a salt; false for any error, too.
function Signer:verify(salt, signature)
    return library.kayako_signer_verify(self.handle, salt, #salt, signature, #signature) == OK
end

-- As a module, this file returns the class.
if ... == "kayako_sign" then
    return Signer
end

local signer = Signer.new(os.getenv("KAYAKO_API_KEY") or "", os.getenv("KAYAKO_SECRET_KEY") or "")
local signature = signer:sign("1234567890")
print("signature: " .. signature)
print("credentials: " .. signer:credentials())
print("URL: " .. signer:sign_url("https://help.example.com/api/index.php?/Base/User/1"))
print("verified: " .. tostring(signer:verify("1234567890", signature)))
local _, refused = pcall(signer.sign, signer, "")
print("error: " .. tostring(refused))
signer:close()
