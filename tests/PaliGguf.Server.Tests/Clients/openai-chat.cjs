const test = require('node:test');
const assert = require('node:assert');
const OpenAI = require('openai');
const { all, bananas, dataUrl, turtle } = require('./parts.cjs');

const client = new OpenAI({ baseURL: `${process.env.SERVER}v1`, apiKey: 'unused', maxRetries: 0 });
const model = 'pali-nano';
const text = text => ({ type: 'text', text });
const picture = scene => ({ type: 'image_url', image_url: { url: dataUrl(scene), detail: 'auto' } });
const user = (...content) => ({ role: 'user', content });
const ask = (messages, more = {}) => client.chat.completions.create({ model, messages, ...more });

test('a conversation goes on from its picture, as chat programs send it: all of it each time', async () => {
    const messages = [{ role: 'system', content: 'You are a helpful assistant.' }, user(text('caption en'), picture(1))];
    const first = await ask(messages);
    assert.equal(first.object, 'chat.completion');
    assert.equal(first.choices[0].message.content, turtle);
    assert.equal(first.choices[0].finish_reason, 'stop');
    assert.equal(first.usage.total_tokens, first.usage.prompt_tokens + first.usage.completion_tokens);
    messages.push(first.choices[0].message, { role: 'user', content: 'answer en what color is the background?' });
    const second = await ask(messages);
    assert.equal(second.choices[0].message.content, 'orange');
    messages.push(second.choices[0].message, user(picture(2), text('caption en')));
    assert.equal((await ask(messages)).choices[0].message.content, bananas);
});

test('an answer comes piece by piece, with its tokens counted where that is asked for', async () => {
    const chunks = await all(await ask([user(text('caption en'), picture(1))], { stream: true, stream_options: { include_usage: true } }));
    const pieces = chunks.flatMap(chunk => chunk.choices.map(choice => choice.delta.content ?? '')).filter(piece => piece !== '');
    assert.equal(pieces.join(''), turtle);
    assert.ok(pieces.length > 1);
    assert.equal(chunks.findLast(chunk => chunk.choices.length > 0).choices[0].finish_reason, 'stop');
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
});

test('the helper that gathers a stream has the whole message', async () => {
    const runner = client.chat.completions.stream({ model, messages: [user(text('caption en'), picture(1))] });
    assert.equal(await runner.finalContent(), turtle);
    assert.equal((await runner.finalChatCompletion()).choices[0].message.role, 'assistant');
});

test('several pictures are looked at together', async () => {
    const one = await ask([user(text('caption en'), picture(1))]);
    const two = await ask([user(text('caption en'), picture(1), picture(2))]);
    assert.equal(two.usage.prompt_tokens - one.usage.prompt_tokens, 64);
});

test('a stream that is left ends, and the next question is answered', async () => {
    const stream = await ask([user(text('describe en'), picture(1))], { stream: true });
    for await (const chunk of stream) {
        if (chunk.choices[0].delta.content) break;
    }

    assert.equal((await ask([user(text('caption en'), picture(1))])).choices[0].message.content, turtle);
});

test('what is wrong is an error of its own kind that names the place', async () => {
    await assert.rejects(ask([user(text('caption en'))]), error => error instanceof OpenAI.BadRequestError
        && error.param === 'messages' && /no picture/.test(error.message));
    await assert.rejects(ask([user(picture(1), { type: 'image_url', image_url: { url: 'data:image/png;base64,!!' } })]),
        error => error instanceof OpenAI.BadRequestError && error.param === 'messages[0].content[1].image_url.url');
    await assert.rejects(ask([user(picture(1))], { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }),
        error => error instanceof OpenAI.BadRequestError && error.param === 'tools' && error.code === 'unsupported_value');
    await assert.rejects(client.chat.completions.create({ model: 'gpt-4o', messages: [user(picture(1))] }),
        error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found' && error.message.includes(model));
    await assert.rejects(ask([user(text('caption '.repeat(3000)), picture(1))], { stream: true }),
        error => error instanceof OpenAI.UnprocessableEntityError && error.code === 'context_length_exceeded');
});

test('the models are listed, and each is found by its name', async () => {
    const models = await all(client.models.list());
    assert.deepEqual(models.map(one => one.id), [model]);
    assert.equal((await client.models.retrieve(model)).object, 'model');
    await assert.rejects(client.models.retrieve('pali-nan'), error => error instanceof OpenAI.NotFoundError);
});
