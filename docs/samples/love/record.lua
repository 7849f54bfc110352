-- What was asked and answered last, as files: picture.png, answer.txt (the caption, then a box a line) and screen.png.
local record = {}

local function write(path, bytes)
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
end

local function png(image) return image:encode("png"):getString() end

function record.save(folder, answer)
    if not answer then return end
    local lines = { answer.caption }
    for _, box in ipairs(answer.objects) do
        lines[#lines + 1] = ("%s %.0f %.0f %.0f %.0f"):format(box.label, box.left, box.top, box.right, box.bottom)
    end
    write(folder .. "/answer.txt", table.concat(lines, "\n") .. "\n")
    write(folder .. "/picture.png", png(answer.image))
    love.graphics.captureScreenshot(function(screen) write(folder .. "/screen.png", png(screen)) end)
end

return record
