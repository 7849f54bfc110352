function love.conf(t)
    t.window.title = "What the game sees"
    t.window.width, t.window.height = 840, 480
    -- The loop keeps its own 60 frames a second, so that missed ones can be counted on every display.
    t.window.vsync = 0
    t.modules.audio, t.modules.sound, t.modules.video = false, false, false
    t.modules.joystick, t.modules.physics, t.modules.touch = false, false, false
end
