import { readAnswer } from '../../src/agents/coding/read-answer.js';

it.each([
  ['All is well.', 'has no block of JSON at its end'],
  ['```json\n{"summary":\n```', 'ends with a block that is not JSON'],
  ['```json\n{"verdict": "good"}\n```', expect.stringMatching(/^ends with a block that is not of the shape, at /)],
])('refuses %j where the answer counts, and takes it as the summary where the change does', (message, why) => {
  expect(readAnswer(message, 'analysis', null)).toEqual(why);
  expect(readAnswer(message, 'change', 's-1')).toEqual({
    kind: 'answered',
    answer: { summary: message, output: {}, findings: [], session: 's-1' },
  });
});

it('takes the last block of several', () => {
  const block = (summary: string): string => `\`\`\`json\n${JSON.stringify({ summary })}\n\`\`\`\n`;
  expect(readAnswer(`${block('First.')}or rather\n${block('Last.')}`, 'analysis', null)).toMatchObject({
    answer: { summary: 'Last.' },
  });
});

const ask = (question: object): string => `\`\`\`json\n${JSON.stringify({ type: 'question', ...question })}\n\`\`\``;
const options = [
  { name: 'A', says: 'This.' },
  { name: 'B', says: 'That.' },
];

it.each(['change', 'analysis'] as const)('takes a question at the end, in a %s', (mode) => {
  expect(readAnswer(ask({ text: 'Which?', options }), mode, 's-1')).toMatchObject({
    kind: 'asked',
    question: { text: 'Which?', options, session: 's-1' },
  });
});

it('takes no broken question for a summary', () => {
  expect(readAnswer(ask({ text: 'Which?', options: [] }), 'change', null)).toMatch(
    /^ends with a block that is not of the shape, at \/options/,
  );
});
