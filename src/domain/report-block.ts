import type { Finding } from './gate.js';

/** One paragraph or heading of a report, whatever it is written as. */
export type ReportBlock =
  | { readonly kind: 'title' | 'heading' | 'text'; readonly text: string }
  | { readonly kind: 'finding'; readonly head: string; readonly text: string; readonly fix: string | null };

export function writeFinding({ severity, rule, file, line, message, fix }: Finding): ReportBlock {
  const place = file === null ? '' : ` ${file}${line === null ? '' : `:${line}`}`;
  return { kind: 'finding', head: `${severity} ${rule}${place}`, text: message, fix };
}

/** The report as Markdown; what tools and files say of themselves is taken for text. */
export function toMarkdown(blocks: readonly ReportBlock[]): string {
  return `${blocks.map(blockToMarkdown).join('\n\n')}\n`;
}

function blockToMarkdown(block: ReportBlock): string {
  switch (block.kind) {
    case 'title':
      return `# ${escape(block.text)}`;
    case 'heading':
      return `## ${escape(block.text)}`;
    case 'text':
      return escape(block.text);
    case 'finding': {
      const fix = block.fix === null ? '' : `\n  *To mend it:* ${escape(block.fix)}`;
      return `- **${escape(block.head)}**\n  ${escape(block.text)}${fix}`;
    }
  }
}

const escape = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&');
