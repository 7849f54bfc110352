-- 60 frames a second. A frame is missed when it is not on the screen before the next one is due.
local LENGTH, KEPT = 1 / 60, 120

local frames = { length = LENGTH, recent = {}, tallies = {} }

local function count(phase, took)
    local tally = frames.tallies[phase] or { frames = 0, missed = 0, longest = 0, sum = 0 }
    frames.tallies[phase] = tally
    tally.frames, tally.sum, tally.longest = tally.frames + 1, tally.sum + took, math.max(tally.longest, took)
    if took > LENGTH then tally.missed = tally.missed + 1 end
    table.insert(frames.recent, took)
    if #frames.recent > KEPT then table.remove(frames.recent, 1) end
end

function frames.share(tally) return 100 * tally.missed / math.max(1, tally.frames) end

function frames.report(phase)
    local tally = frames.tallies[phase]
    if not tally then return end
    print(("%s: %d frames of %.1f ms, %d missed (%.2f %%), the longest %.1f ms"):format(phase, tally.frames,
        1000 * tally.sum / math.max(1, tally.frames), tally.missed, frames.share(tally), 1000 * tally.longest))
end

local function draw()
    love.graphics.origin()
    love.draw()
    love.graphics.present()
end

-- In love.run's place. phase() says what the frames are counted as, nil for not at all.
function frames.loop(phase)
    -- The first frame makes what all others use, on some systems by a compiler: it is not counted.
    draw()
    local due = love.timer.getTime()
    return function()
        love.event.pump()
        for name, a, b, c, d, e, f in love.event.poll() do
            if name == "quit" and not love.quit() then return a or 0 end
            love.handlers[name](a, b, c, d, e, f)
        end
        love.timer.sleep(math.max(0, due - love.timer.getTime()))
        local as = phase()
        -- A sleep is of whole milliseconds, and may end before the frame is due.
        local start = math.min(due, love.timer.getTime())
        love.update(LENGTH)
        draw()
        if as then count(as, love.timer.getTime() - start) end
        repeat due = due + LENGTH until due > love.timer.getTime()
    end
end

return frames
