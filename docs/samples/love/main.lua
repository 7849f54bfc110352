-- love docs/samples/love [--library FOLDER] [--model PATH] [--threads N] [--seconds N] [--record FOLDER] [--alone]
local paligguf, scene, watcher = require("paligguf"), require("scene"), require("watcher")
local frames, panel, record = require("frames"), require("panel"), require("record")

local options = {}
local time = 0

local function read_options(arguments)
    local root = love.filesystem.getSource() .. "/../../.."
    options.library, options.model = root .. "/artifacts/c-library/linux-x64", root .. "/models/pali-nano"
    local index = 1
    while index <= #arguments do
        local name = arguments[index]:match("^%-%-(%l+)$")
        if name == "alone" then
            options.alone = true
        elseif name == "library" or name == "model" or name == "record" then
            index = index + 1
            options[name] = arguments[index] or error("--" .. name .. " needs a path.", 0)
        elseif name == "threads" or name == "seconds" then
            index = index + 1
            options[name] = tonumber(arguments[index]) or error("--" .. name .. " needs a number.", 0)
        else
            error(arguments[index] .. " is no option: --library, --model, --threads, --seconds, --record, --alone.", 0)
        end
        index = index + 1
    end
end

function love.update(passed)
    time = time + passed
    scene.draw(time)
    watcher.update(scene.canvas)
    -- What is to be recorded is waited for.
    local whole = not options.record or watcher.last or watcher.stage == "failed"
    if options.seconds and time >= options.seconds and whole then
        options.seconds = nil
        if options.record then record.save(options.record, watcher.last) end
        love.event.quit(watcher.stage == "failed" and 1 or 0)
    end
end

function love.draw()
    love.graphics.clear(0.09, 0.1, 0.13)
    panel.draw()
end

-- In the middle of a load or an answer too.
function love.quit()
    watcher.stop()
    for _, phase in ipairs({ "alone", "loading", "answering" }) do frames.report(phase) end
    if watcher.answers > 0 then print(("%d answers, the last: %s"):format(watcher.answers, watcher.last.caption)) end
    return false
end

local PHASES = { alone = "alone", loading = "loading", ready = "answering" }

function love.run()
    local went, failure = pcall(read_options, love.arg.parseGameArguments(arg))
    if not went then
        io.stderr:write(failure, "\n")
        return function() return 2 end
    end
    scene.load()
    panel.load()
    scene.draw(0)
    if not options.alone then
        watcher.start(paligguf, options.library, options.model, { threads = options.threads or 0 })
    end
    return frames.loop(function() return PHASES[watcher.stage] end)
end
