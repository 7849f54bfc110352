-- Asks the model about what is on the screen, over and over: for a caption, then where the things are that the caption names.
local KNOWN = { "turtle", "octopus", "dog", "ball", "rocket", "star", "butterfly", "flower" }

local watcher = { stage = "alone", caption = "", answers = 0 }

function watcher.start(paligguf, folder, path, options)
    watcher.stage, watcher.progress = "loading", 0
    local went, failure = pcall(function()
        paligguf.open(folder)
        watcher.model = paligguf.load(path, options)
    end)
    if not went then watcher.fail(failure) end
end

function watcher.fail(text)
    watcher.stage, watcher.failure = "failed", text
    io.stderr:write(text, "\n")
end

-- "turtle ; octopus" of a caption that names both; nil where it names nothing that can be looked for.
local function things_in(caption)
    local things = {}
    for _, name in ipairs(KNOWN) do
        if caption:find(name, 1, true) or caption:find(name:gsub("y$", "ies"), 1, true) then things[#things + 1] = name end
    end
    return #things > 0 and table.concat(things, " ; ") or nil
end

local function ask(task, text)
    watcher.ticket, watcher.task = watcher.model:ask(task, text, watcher.image, task == "CAPTION" and 48 or 0), task
end

-- An answer is whole when its boxes are there: caption, boxes and the picture that they are of.
local function finish(objects)
    watcher.answers = watcher.answers + 1
    watcher.last = { image = watcher.image, caption = watcher.caption, objects = objects, took = love.timer.getTime() - watcher.asked }
end

local function answered()
    local task, ticket = watcher.task, watcher.ticket
    local text, objects = ticket:text(), ticket:objects()
    ticket:release()
    watcher.ticket = nil
    if task == "DETECT" then return finish(objects) end
    watcher.caption = text
    local things = things_in(text)
    if things then ask("DETECT", things) else finish({}) end
end

local function load_on()
    local stage, state = watcher.model:poll()
    watcher.stage, watcher.progress, watcher.state = stage, state.progress, state
    if stage == "failed" then watcher.fail(watcher.model:error()) end
end

-- Once a frame; never waits. canvas is what the player sees.
function watcher.update(canvas)
    if watcher.stage == "loading" then return load_on() end
    if watcher.stage ~= "ready" then return end
    if not watcher.ticket then
        watcher.image, watcher.asked = canvas:newImageData(), love.timer.getTime()
        return ask("CAPTION")
    end
    local stage = watcher.ticket:poll()
    if stage == "done" then return answered() end
    if stage == "failed" then return watcher.fail(watcher.ticket:error()) end
    if watcher.task == "CAPTION" then watcher.partial = watcher.ticket:text() end
end

-- In the middle of whatever goes on: the library ends it in the background.
function watcher.stop()
    if watcher.ticket then watcher.ticket:release() end
    if watcher.model then watcher.model:release() end
    watcher.ticket, watcher.model, watcher.stage = nil, nil, "stopped"
end

return watcher
