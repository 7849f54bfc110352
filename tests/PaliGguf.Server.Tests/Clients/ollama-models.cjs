const test = require('node:test');
const assert = require('node:assert');
const { Ollama } = require('ollama');
const { bytes, turtle } = require('./parts.cjs');

const ollama = new Ollama({ host: process.env.SERVER });
const { FIRST, SECOND } = process.env;
const loaded = async () => (await ollama.ps()).models.map(model => model.name);
const messages = () => [{ role: 'user', content: 'caption en', images: [bytes(1)] }];

test('a model is loaded when it is asked, and stays for as long as it is told', async () => {
    assert.deepEqual((await ollama.list()).models.map(model => model.name), [FIRST, SECOND]);
    assert.deepEqual(await loaded(), []);
    const answer = await ollama.chat({ model: FIRST, messages: messages(), keep_alive: '10m' });
    assert.equal(answer.message.content, turtle);
    assert.ok(answer.load_duration > 0);
    const [entry] = (await ollama.ps()).models;
    assert.equal(entry.name, FIRST);
    const minutes = (Date.parse(entry.expires_at) - Date.now()) / 60_000;
    assert.ok(minutes > 8 && minutes < 11, `${minutes}`);

    assert.equal((await ollama.chat({ model: SECOND, messages: messages(), keep_alive: 0 })).message.content, turtle);
    assert.deepEqual(await loaded(), [FIRST]);
    assert.equal((await ollama.chat({ model: FIRST, messages: [], keep_alive: 0 })).done_reason, 'unload');
    assert.deepEqual(await loaded(), []);
});
