/**
 * The only place that sets up OpenTelemetry. Off unless an OTLP endpoint is configured by the standard variable; the
 * SDK is loaded lazily because importing it costs more than starting a service does.
 */
export async function startTelemetry(serviceName: string): Promise<() => Promise<void>> {
  if ((process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '') === '') return async () => {};
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  // Resource detectors would put command lines, paths and users into every export.
  const sdk = new NodeSDK({ serviceName, autoDetectResources: false, instrumentations: [] });
  sdk.start();
  return () => sdk.shutdown();
}
