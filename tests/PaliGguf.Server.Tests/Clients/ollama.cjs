const test = require('node:test');
const assert = require('node:assert');
const { Ollama } = require('ollama');
const { all, bananas, base64, bytes, turtle } = require('./parts.cjs');

const host = process.env.SERVER;
const ollama = new Ollama({ host });
const model = 'pali-nano';
const ask = (messages, more = {}) => ollama.chat({ model, messages, ...more });
const caption = { role: 'user', content: 'caption en', images: [bytes(1)] };

test('a conversation goes on from its picture', async () => {
    const messages = [{ role: 'system', content: 'You are a helpful assistant.' }, { ...caption }];
    const first = await ask(messages);
    assert.equal(first.message.content, turtle);
    assert.equal(first.message.role, 'assistant');
    assert.equal(first.done, true);
    assert.equal(first.done_reason, 'stop');
    assert.ok(first.eval_count > 0 && first.prompt_eval_count > 64 && first.total_duration > 0 && first.eval_duration > 0);
    assert.ok(!Number.isNaN(Date.parse(first.created_at)));
    messages.push(first.message, { role: 'user', content: 'answer en what color is the background?' });
    assert.equal((await ask(messages)).message.content, 'orange');
});

test('an answer comes piece by piece', async () => {
    const pieces = await all(await ask([{ ...caption }], { stream: true }));
    assert.equal(pieces.map(piece => piece.message.content).join(''), turtle);
    assert.ok(pieces.length > 2 && pieces.slice(0, -1).every(piece => !piece.done));
    assert.equal(pieces.at(-1).done_reason, 'stop');
});

test('without a word about it, an answer is a stream, as ollama has it', async () => {
    const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'caption en', images: [base64(1)] }] });
    const response = await fetch(`${host}api/chat`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
    const lines = (await response.text()).trim().split('\n').map(line => JSON.parse(line));
    assert.equal(lines.at(-1).done, true);
});

test('the options mean what they mean to ollama', async () => {
    assert.equal((await ask([{ ...caption }], { options: { num_predict: 2 } })).message.content, 'a turtle');
    assert.equal((await ask([{ ...caption }], { options: { num_predict: 2 } })).done_reason, 'length');
    assert.equal((await ask([{ ...caption }], { options: { stop: ['orange'], num_predict: -1 } })).message.content, 'a turtle on an ');
    const greedy = { temperature: 0, top_k: 40, top_p: 0.9, min_p: 0.05, seed: 7, num_ctx: 512, num_thread: 8, num_gpu: 99 };
    assert.equal((await ask([{ ...caption }], { options: greedy, keep_alive: '5m' })).message.content, turtle);
});

test('what is not supported is refused by its name', async () => {
    const refused = [
        [{ options: { repeat_penalty: 1.2 } }, /repeat_penalty/], [{ options: { mirostat: 2 } }, /mirostat/], [{ options: { num_ctx: 1e6 } }, /num_ctx.*--context/],
        [{ format: 'json' }, /format/], [{ think: true }, /think/], [{ tools: [{ type: 'function', function: { name: 'f' } }] }, /tools/],
        [{ keep_alive: 'soon' }, /keep_alive/], [{ keep_alive: 0 }, /keep_alive/],
    ];
    for (const [more, name] of refused)
        await assert.rejects(ask([{ ...caption }], more), error => error.status_code === 400 && name.test(error.error), JSON.stringify(more));

    await assert.rejects(ask([{ role: 'user', content: 'caption en' }]), error => error.status_code === 400 && /no picture/.test(error.error));
    await assert.rejects(ask([{ role: 'user', content: 'caption en', images: ['!!'] }]), error => /messages\[0\]\.images\[0\]/.test(error.error));
    await assert.rejects(ollama.chat({ model: 'llava', messages: [{ ...caption }] }), error => error.status_code === 404 && error.error.includes(model));
    await assert.rejects(ollama.pull({ model: 'llava' }), error => error.status_code === 501 && /paligguf pull/.test(error.error));
    await assert.rejects(ollama.embed({ model, input: 'a' }), error => error.status_code === 501);
    await assert.rejects(ollama.delete({ model }), error => error.status_code === 501);
});

test('the models are listed and shown', async () => {
    const [entry] = (await ollama.list()).models;
    assert.equal(entry.name, model);
    assert.equal(entry.details.quantization_level, 'Q8_0');
    assert.equal(entry.details.parameter_size, '10.5M');
    assert.ok(entry.size > 1e7 && /^[0-9a-f]{64}$/.test(entry.digest));
    const shown = await ollama.show({ model: `${model}:latest` });
    assert.deepEqual(shown.capabilities, ['completion', 'vision']);
    assert.equal(shown.model_info[`${shown.model_info['general.architecture']}.context_length`] > 0, true);
    assert.equal((await ollama.ps()).models[0].name, model);
    assert.match((await ollama.version()).version, /^\d+\.\d+\.\d+$/);
});

test('messages that are not there, and a prompt that is not, only load the model', async () => {
    const loaded = await ollama.chat({ model, messages: [] });
    assert.equal(loaded.done_reason, 'load');
    assert.equal(loaded.done, true);
});

test('generate is below /ollama, for the own API has another one at its address', async () => {
    const apart = new Ollama({ host: `${host}ollama` });
    const answer = await apart.generate({ model, prompt: 'caption en', images: [bytes(2)] });
    assert.equal(answer.response, bananas);
    assert.equal(answer.done_reason, 'stop');
    const pieces = await all(await apart.generate({ model, prompt: 'caption en', images: [bytes(1)], stream: true }));
    assert.equal(pieces.map(piece => piece.response).join(''), turtle);
    assert.equal((await apart.chat({ model, messages: [{ ...caption }] })).message.content, turtle);
    assert.equal((await apart.list()).models.length, 1);
    await assert.rejects(ollama.generate({ model, prompt: 'caption en', images: [bytes(1)] }), error => error.message.includes('/ollama/api/generate'));
});
