-- What is drawn over and beside the scene: boxes, caption, and how the frames went.
local scene, watcher, frames = require("scene"), require("watcher"), require("frames")

local panel = {}
local LEFT, WIDTH = scene.size + 24, 312
local COLORS = { { 1, 0.84, 0.2 }, { 0.35, 0.91, 1 }, { 1, 0.5, 0.75 }, { 0.6, 1, 0.45 } }
local DIM, BRIGHT, GREEN, RED = { 0.55, 0.58, 0.66 }, { 0.95, 0.96, 1 }, { 0.36, 0.8, 0.5 }, { 1, 0.35, 0.3 }
local fonts = {}

function panel.load()
    for name, size in pairs({ small = 13, normal = 16, large = 24 }) do fonts[name] = love.graphics.newFont(size) end
end

local function write(text, font, color, x, y, width)
    love.graphics.setFont(fonts[font])
    love.graphics.setColor(color)
    love.graphics.printf(text, x, y, width or WIDTH)
end

local function color_of(index) return COLORS[(index - 1) % #COLORS + 1] end

local function draw_box(box, color)
    local width = fonts.normal:getWidth(box.label) + 14
    local above = box.top >= 24 and box.top - 24 or box.top
    love.graphics.setColor(color)
    love.graphics.setLineWidth(3)
    love.graphics.rectangle("line", box.left, box.top, box.right - box.left, box.bottom - box.top, 4)
    love.graphics.rectangle("fill", box.left - 1.5, above, width, 24, 4)
    write(box.label, "normal", { 0.07, 0.08, 0.11 }, box.left + 5, above + 2, width)
end

local function draw_caption(last)
    write("caption", "small", DIM, LEFT, 88)
    write(last and last.caption or watcher.partial or "", "large", BRIGHT, LEFT, 108)
    if not last then return end
    for index, box in ipairs(last.objects) do
        local y = 208 + 26 * index
        love.graphics.setColor(color_of(index))
        love.graphics.rectangle("fill", LEFT, y + 3, 12, 12, 3)
        write(box.label, "normal", BRIGHT, LEFT + 22, y)
        write(("%d %%"):format(100 * box.score + 0.5), "normal", DIM, LEFT + 150, y)
    end
    write(("%d ms from picture to boxes"):format(1000 * last.took), "small", DIM, LEFT, 212)
end

local function draw_frames()
    local bottom, scale = 452, 40 / frames.length
    for index, took in ipairs(frames.recent) do
        love.graphics.setColor(took > frames.length and RED or GREEN)
        local height = math.min(56, math.max(1, took * scale))
        love.graphics.rectangle("fill", LEFT + 2.6 * (index - 1), bottom - height, 1.6, height)
    end
    love.graphics.setColor(DIM)
    love.graphics.rectangle("fill", LEFT, bottom - 40, WIDTH, 1)
    local tally = frames.tallies.answering or frames.tallies.loading or frames.tallies.alone
    if tally then
        write(("60 frames a second: %d of %d missed"):format(tally.missed, tally.frames), "small", DIM, LEFT, bottom - 78)
    end
end

local function draw_stage()
    if watcher.stage == "ready" then
        local state = watcher.state
        write(("%d %s of low priority, %d answers"):format(state.threads, state.threads == 1 and "thread" or "threads", watcher.answers),
            "small", DIM, LEFT, 50)
    elseif watcher.stage == "loading" then
        write(("loading the model: %d %%"):format(100 * watcher.progress), "small", DIM, LEFT, 50)
    elseif watcher.stage == "failed" then
        write(watcher.failure, "normal", RED, LEFT, 50)
    end
end

function panel.draw()
    love.graphics.setColor(1, 1, 1)
    love.graphics.draw(scene.canvas)
    write("What the game sees", "normal", BRIGHT, LEFT, 24)
    draw_stage()
    local last = watcher.last
    if last then
        for index, box in ipairs(last.objects) do draw_box(box, color_of(index)) end
    end
    if watcher.stage == "ready" then draw_caption(last) end
    draw_frames()
end

return panel
