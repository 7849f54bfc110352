// What the scripts share: pictures as clients send them.
const fs = require('node:fs');
const path = require('node:path');

exports.bytes = scene => fs.readFileSync(path.join(process.env.PICTURES, `scene_0${scene}.png`));
exports.base64 = scene => exports.bytes(scene).toString('base64');
exports.dataUrl = scene => `data:image/png;base64,${exports.base64(scene)}`;

exports.turtle = 'a turtle on an orange background';
exports.bananas = 'two bananas on a blue background';

// The items of a stream.
exports.all = async stream => {
    const items = [];
    for await (const item of stream) items.push(item);
    return items;
};
