-- What the player sees: four acts, each with a background and some things that move. The same frame is always the same picture.
local SIZE, SECONDS = 480, 6

local scene = { size = SIZE }

-- Back and forth between two places, and which way it goes.
local function between(from, to, seconds, time)
    local phase = (time / seconds) % 2
    local way = phase < 1 and phase or 2 - phase
    return from + (to - from) * way, phase < 1 and -1 or 1
end

local function wave(seconds, time) return math.sin(2 * math.pi * time / seconds) end

-- Where a thing is at a time: x, y, its turn in radians and which way it looks (1: as drawn, to the left).
local function swim(y, from, to, seconds)
    return function(time)
        local x, way = between(from, to, seconds, time)
        return x, y + 8 * wave(2.3, time), 0.06 * wave(1.7, time), way
    end
end

local function bounce(x, floor, height, seconds)
    return function(time)
        local phase = (time / seconds) % 1 * 2 - 1
        return x, floor - height * (1 - phase * phase), 0, 1
    end
end

local function hover(x, y)
    return function(time) return x + 26 * wave(5.1, time), y + 22 * wave(3.7, time), 0.14 * wave(2.9, time), 1 end
end

local ACTS = {
    { color = { 55, 95, 210 }, things = { { "turtle", 150, swim(150, 110, 330, 13) }, { "octopus", 130, swim(350, 350, 130, 12) } } },
    { color = { 60, 160, 70 }, things = { { "dog", 170, swim(310, 130, 240, 6) }, { "ball", 96, bounce(385, 350, 70, 2.4) } } },
    { color = { 22, 22, 22 }, things = { { "rocket", 160, hover(150, 300) }, { "star", 140, hover(350, 140) } } },
    { color = { 130, 65, 170 }, things = { { "butterfly", 150, hover(160, 150) }, { "flower", 160, hover(340, 340) } } },
}

-- A colour with some grain, as the model has learned backgrounds.
local function background(color)
    local grain = love.math.newRandomGenerator(color[1] * 65536 + color[2] * 256 + color[3])
    local cells = love.image.newImageData(40, 40)
    cells:mapPixel(function(x, y)
        local light = grain:randomNormal(3, 0) + (20 - y) * 0.5
        return (color[1] + light) / 255, (color[2] + light) / 255, (color[3] + light) / 255, 1
    end)
    return love.graphics.newImage(cells)
end

function scene.load()
    for _, act in ipairs(ACTS) do
        act.background = background(act.color)
        for _, thing in ipairs(act.things) do thing.image = love.graphics.newImage("things/" .. thing[1] .. ".png") end
    end
    scene.canvas = love.graphics.newCanvas(SIZE, SIZE)
end

function scene.draw(time)
    local act = ACTS[math.floor(time / SECONDS) % #ACTS + 1]
    love.graphics.setCanvas(scene.canvas)
    love.graphics.setColor(1, 1, 1)
    love.graphics.draw(act.background, 0, 0, 0, SIZE / 40)
    for _, thing in ipairs(act.things) do
        local width, height = thing.image:getDimensions()
        local scale = thing[2] / math.max(width, height)
        local x, y, turn, way = thing[3](time)
        love.graphics.draw(thing.image, x, y, turn, scale * way, scale, width / 2, height / 2)
    end
    love.graphics.setCanvas()
end

return scene
