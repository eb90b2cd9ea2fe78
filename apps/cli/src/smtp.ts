/** Hands a raw mail to the intake by SMTP, as any mail program would. */
import type { Instance } from '@soloist/host/installation';
import { Failure } from './failure.js';
import { EXIT } from './exit-codes.js';

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

const ANSWER_WITHIN_MS = 15_000;

/** @throws Failure with the server's own reason when it refuses the mail */
export async function submitMail(smtp: NonNullable<Instance['smtp']>, envelope: Envelope, raw: Uint8Array): Promise<string> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: false,
    ignoreTLS: true,
    connectionTimeout: ANSWER_WITHIN_MS,
    greetingTimeout: ANSWER_WITHIN_MS,
    socketTimeout: ANSWER_WITHIN_MS,
  });
  try {
    const info = await transport.sendMail({ envelope: { from: envelope.from, to: [...envelope.to] }, raw: Buffer.from(raw) });
    return info.response;
  } catch (error) {
    throw refusal(error, smtp);
  } finally {
    transport.close();
  }
}

function refusal(error: unknown, { host, port }: { host: string; port: number }): Failure {
  const { code, response, responseCode, message } = error as { code?: string; response?: string; responseCode?: number; message?: string };
  if (typeof responseCode === 'number') {
    return new Failure('mail.refused', `the intake refused the mail: ${response ?? message ?? responseCode}`, 'correct the mail and send it again', EXIT.failed, { cause: error });
  }
  const isLate = code === 'ETIMEDOUT';
  return new Failure('mail.intake-unreachable', `the intake at ${host}:${port} ${isLate ? 'did not answer in time' : `cannot be reached: ${message ?? 'unknown'}`}`, './soloist doctor', isLate ? EXIT.timedOut : EXIT.failed, { cause: error });
}
