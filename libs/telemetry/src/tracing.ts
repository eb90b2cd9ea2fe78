/**
 * Trace context across the log (W3C traceparent in a header, requirement V1). With no SDK started the OpenTelemetry API
 * answers with no-op spans, so this costs next to nothing and never connects anywhere.
 */
import { context, propagation, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

const tracer = trace.getTracer('soloist');

/** Runs `work` in a consumer span that continues `traceparent`. Hands the new span's traceparent to `work`. */
export async function inSpan<T>(
  name: string,
  traceparent: string | null,
  attributes: Attributes,
  work: (traceparent: string | null) => Promise<T>,
): Promise<T> {
  const parent = traceparent === null ? context.active() : propagation.extract(context.active(), { traceparent });
  return tracer.startActiveSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent, async (span) => {
    try {
      return await work(currentTraceparent() ?? traceparent);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}
