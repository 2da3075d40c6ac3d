import { readAnswer } from '../../src/agents/coding/read-answer.js';

it.each([
  ['All is well.', 'has no block of JSON at its end'],
  ['```json\n{"summary":\n```', 'ends with a block that is not JSON'],
  ['```json\n{"verdict": "good"}\n```', expect.stringMatching(/^ends with a block that is not of the shape, at /)],
])('refuses %j where the answer counts, and takes it as the summary where the change does', (message, why) => {
  expect(readAnswer(message, 'analysis', null)).toEqual(why);
  expect(readAnswer(message, 'change', 's-1')).toEqual({ summary: message, output: {}, findings: [], session: 's-1' });
});

it('takes the last block of several', () => {
  const block = (summary: string): string => `\`\`\`json\n${JSON.stringify({ summary })}\n\`\`\`\n`;
  expect(readAnswer(`${block('First.')}or rather\n${block('Last.')}`, 'analysis', null)).toMatchObject({
    summary: 'Last.',
  });
});
