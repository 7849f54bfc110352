const test = require('node:test');
const assert = require('node:assert');
const OpenAI = require('openai');
const { dataUrl, turtle } = require('./parts.cjs');

const client = apiKey => new OpenAI({ baseURL: `${process.env.SERVER}v1`, apiKey, maxRetries: 0 });
const input = [{ role: 'user', content: [{ type: 'input_text', text: 'caption en' }, { type: 'input_image', image_url: dataUrl(1) }] }];

test('without the right key there is no answer', async () => {
    const stranger = client('close-sesame');
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
    await assert.rejects(stranger.responses.create({ model: 'pali-nano', input }), OpenAI.AuthenticationError);
    await assert.rejects(stranger.chat.completions.create({ model: 'pali-nano', messages: [] }), OpenAI.AuthenticationError);
});

test('with it there is', async () => {
    assert.equal((await client(process.env.KEY).responses.create({ model: 'pali-nano', input })).output_text, turtle);
});
