import PDFDocument from 'pdfkit';
import type { ReportBlock } from '../../domain/report-block.js';

const SIZE = { title: 20, heading: 14, text: 10 } as const;

/** The report as a PDF of A4 pages. The same blocks and time give the same bytes. */
export async function toPdf(blocks: readonly ReportBlock[], title: string, at: Date): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: title, Creator: 'Baton', CreationDate: at },
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (const block of blocks) write(document, block);
  document.end();
  return whole;
}

function write(document: PDFKit.PDFDocument, block: ReportBlock): void {
  if (block.kind === 'finding') {
    document.font('Helvetica-Bold').fontSize(SIZE.text).text(block.head).font('Helvetica').text(block.text);
    if (block.fix !== null) document.font('Helvetica-Oblique').text(`To mend it: ${block.fix}`);
  } else {
    const font = block.kind === 'text' ? 'Helvetica' : 'Helvetica-Bold';
    document.font(font).fontSize(SIZE[block.kind]).text(block.text);
  }
  document.moveDown(0.7);
}
