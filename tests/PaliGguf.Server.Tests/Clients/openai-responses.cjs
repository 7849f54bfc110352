const test = require('node:test');
const assert = require('node:assert');
const OpenAI = require('openai');
const { all, bananas, dataUrl, turtle } = require('./parts.cjs');

const client = new OpenAI({ baseURL: `${process.env.SERVER}v1`, apiKey: 'unused', maxRetries: 0 });
const model = 'pali-nano';
const text = text => ({ type: 'input_text', text });
const picture = scene => ({ type: 'input_image', image_url: dataUrl(scene), detail: 'auto' });
const user = (...content) => ({ role: 'user', content });
const create = (input, more = {}) => client.responses.create({ model, input, ...more });

test('a picture and a prompt have one message as their answer', async () => {
    const response = await create([user(text('caption en'), picture(1))], { store: false, metadata: { of: 'a test' }, temperature: 0 });
    assert.equal(response.output_text, turtle);
    assert.equal(response.status, 'completed');
    assert.equal(response.model, model);
    assert.equal(response.store, false);
    assert.deepEqual(response.metadata, { of: 'a test' });
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
    assert.equal(response.output.length, 1);
    assert.equal(response.output[0].role, 'assistant');
});

test('a conversation that the client keeps goes on', async () => {
    const input = [user(text('caption en'), picture(2))];
    const first = await create(input);
    assert.equal(first.output_text, bananas);
    input.push(...first.output, { role: 'user', content: 'answer en what color is the background?' });
    assert.equal((await create(input)).output_text, 'blue');
});

test('an answer that is cut off is incomplete', async () => {
    const response = await create([user(text('caption en'), picture(1))], { max_output_tokens: 2 });
    assert.equal(response.status, 'incomplete');
    assert.equal(response.incomplete_details.reason, 'max_output_tokens');
    assert.equal(response.output_text, 'a turtle');
});

test('the events of a stream come in their order', async () => {
    const events = await all(await create([user(text('caption en'), picture(1))], { stream: true }));
    assert.deepEqual(events.map(event => event.sequence_number), events.map((_, index) => index));
    const deltas = events.filter(event => event.type === 'response.output_text.delta');
    assert.equal(deltas.map(event => event.delta).join(''), turtle);
    assert.deepEqual(events.filter(event => !deltas.includes(event)).map(event => event.type), [
        'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added',
        'response.output_text.done', 'response.content_part.done', 'response.output_item.done', 'response.completed',
    ]);
    assert.equal(events.at(-1).response.output[0].content[0].text, turtle);
});

test('the helper that gathers a stream has the whole response', async () => {
    const stream = client.responses.stream({ model, input: [user(text('caption en'), picture(1))] });
    assert.equal((await stream.finalResponse()).output_text, turtle);
});

test('what is not supported is refused by its name', async () => {
    const refused = {
        previous_response_id: 'resp_1', conversation: 'conv_1', background: true, tools: [{ type: 'web_search' }], tool_choice: 'required',
        reasoning: { effort: 'low' }, include: ['message.output_text.logprobs'], prompt: { id: 'pmpt_1' },
    };
    for (const [param, value] of Object.entries(refused)) {
        await assert.rejects(create([user(text('caption en'), picture(1))], { [param]: value }),
            error => error instanceof OpenAI.BadRequestError && error.param === param && error.message.includes(`leave '${param}' out`), param);
    }

    await assert.rejects(create([user(text('caption en'), picture(1))], { text: { format: { type: 'json_object' } } }),
        error => error instanceof OpenAI.BadRequestError && error.param === 'text.format');
    await assert.rejects(create([user(text('caption en'), { type: 'input_image', file_id: 'file_1' })]),
        error => error instanceof OpenAI.BadRequestError && /file_id/.test(error.message));
    await assert.rejects(create('caption en'), error => error instanceof OpenAI.BadRequestError && error.param === 'input');
    await assert.rejects(client.responses.retrieve('resp_1'), error => error instanceof OpenAI.NotFoundError);
});
