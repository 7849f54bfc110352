-- paligguf.h through LuaJIT's FFI. What is declared comes from the header that lies beside the library, so both are of one version.
local ffi = require("ffi")

local NAMES = { Windows = "libpaligguf.dll", OSX = "libpaligguf.dylib" }

local paligguf = {}

-- The header without what LuaJIT does not read: directives and what is for C++.
function paligguf.declarations(header)
    return (("\n" .. header):gsub("#ifdef __cplusplus.-#endif", ""):gsub("\n#[^\n]*", "\n"):gsub("PALI_API ", ""))
end

local function read(path)
    local file = io.open(path, "rb")
    local text = file and file:read("*a")
    if file then file:close() end
    return text
end

local function way_out(file, folder)
    local text = "%s is not in %s. Make the library with \"dotnet cake --target=CLibrary\", or name its folder with --library FOLDER."
    return text:format(file, folder)
end

local C

-- A text that a function copies out: asked for its length first.
local function text_of(call, ...)
    local arguments, count = { ... }, select("#", ...)
    local length = ffi.new("size_t[1]")
    arguments[count + 1], arguments[count + 2], arguments[count + 3] = nil, 0, length
    call(unpack(arguments, 1, count + 3))
    local capacity = tonumber(length[0]) + 1
    local buffer = ffi.new("char[?]", capacity)
    arguments[count + 1], arguments[count + 2] = buffer, capacity
    call(unpack(arguments, 1, count + 3))
    return ffi.string(buffer)
end

local function check(status)
    if status < 0 then error(text_of(C.pali_last_error), 0) end
end

local function sized(type, fields)
    local value = ffi.new(type, fields or {})
    value.size = ffi.sizeof(type)
    return value
end

local Ticket = {}
Ticket.__index = Ticket

-- "running", "done" or "failed", and the library's own pali_ticket_state.
function Ticket:poll()
    check(C.pali_poll(self.handle, self.state))
    local state = self.state.state
    return state == C.PALI_TICKET_RUNNING and "running" or state == C.PALI_TICKET_DONE and "done" or "failed", self.state
end

function Ticket:text() return text_of(C.pali_get_text, self.handle, 0) end

function Ticket:error() return text_of(C.pali_get_error, self.handle) end

-- What was found: a label, a score and a box in pixels each.
function Ticket:objects()
    local objects, found = {}, sized("pali_object")
    for index = 0, self.state.objects - 1 do
        check(C.pali_get_object(self.handle, index, found))
        objects[index + 1] = {
            label = text_of(C.pali_get_label, self.handle, index), score = found.score,
            left = found.x_min, top = found.y_min, right = found.x_max, bottom = found.y_max,
        }
    end
    return objects
end

function Ticket:release() check(C.pali_release(self.handle)) end

local Model = {}
Model.__index = Model

-- "loading", "ready" or "failed", and the library's own pali_model_state.
function Model:poll()
    check(C.pali_poll_model(self.handle, self.state))
    local state = self.state.state
    return state == C.PALI_MODEL_LOADING and "loading" or state == C.PALI_MODEL_READY and "ready" or "failed", self.state
end

function Model:error() return text_of(C.pali_get_error, self.handle) end

-- Asks about a picture, which is copied: task is the end of a PALI_... name, text what it asks for.
function Model:ask(task, text, image, max_tokens)
    local ticket = ffi.new("pali_ticket[1]")
    local picture = sized("pali_picture", { format = C.PALI_RGBA, width = image:getWidth(), height = image:getHeight(),
        pixels = image:getFFIPointer(), pixel_bytes = image:getSize() })
    local request = sized("pali_request", { task = C["PALI_" .. task], text = text, pictures = picture, picture_count = 1,
        max_tokens = max_tokens or 0 })
    check(C.pali_submit(self.handle, request, ticket))
    return setmetatable({ handle = ticket[0], state = sized("pali_ticket_state") }, Ticket)
end

-- Ends what goes on, at once: the library finishes in the background.
function Model:release() check(C.pali_release(self.handle)) end

-- Loads the library from its folder; an error that says what to do where it is not there.
function paligguf.open(folder)
    local name = NAMES[ffi.os] or "libpaligguf.so"
    local header = read(folder .. "/paligguf.h") or error(way_out("paligguf.h", folder), 0)
    if not read(folder .. "/" .. name) then error(way_out(name, folder), 0) end
    ffi.cdef(paligguf.declarations(header))
    local version = tonumber(header:match("#define PALI_ABI_VERSION (%d+)"))
    C = ffi.load(folder .. "/" .. name)
    if C.pali_abi_version() ~= version then
        error(("%s/%s is of another version than the header beside it: take both from one build."):format(folder, name), 0)
    end
end

-- Begins to load a model in the background. options are fields of pali_load_options.
function paligguf.load(path, options)
    local model = ffi.new("pali_model[1]")
    check(C.pali_load(path, sized("pali_load_options", options), model))
    return setmetatable({ handle = model[0], state = sized("pali_model_state") }, Model)
end

return paligguf
