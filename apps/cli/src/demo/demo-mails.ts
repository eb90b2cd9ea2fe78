/** The two mails of the demo, as files that anybody can read and send by hand; each demo gives them ids of its own. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface DemoMail {
  readonly messageId: string;
  readonly from: string;
  readonly subject: string;
  readonly raw: Buffer;
}

const FILES = ['1-agreed-terms.eml', '2-client-question.eml'] as const;

export function demoMails(operator: string): readonly [terms: DemoMail, question: DemoMail] {
  const demo = randomUUID();
  const [terms, question] = FILES.map((file, index) => fill(file, `<${index + 1}.${demo}@acme.example>`, operator));
  if (terms === undefined || question === undefined) throw new Error('the demo has two mails');
  return [terms, question];
}

function fill(file: string, messageId: string, operator: string): DemoMail {
  const template = readFileSync(new URL(`../../demo/${file}`, import.meta.url), 'utf8');
  // RFC 5322 dates and line ends; toUTCString says GMT, which is the obsolete name of +0000.
  const date = new Date().toUTCString().replace('GMT', '+0000');
  const text = template.replace('{{MESSAGE_ID}}', messageId).replace('{{DATE}}', date).replace('operator@soloist.example', operator);
  const subject = /^Subject: (.*)$/m.exec(text)?.[1] ?? '';
  return { messageId, from: 'jana.keller@acme.example', subject, raw: Buffer.from(text.replaceAll(/\r?\n/g, '\r\n')) };
}
