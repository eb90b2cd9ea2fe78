/** Audit packages, written and checked: `@soloist/host/audit`. What is heavy is loaded when a package is written. */
export { momentOf, type AuditSelection } from './audit-selection.js';
export { exportAudit, openTarget, type AuditRequest, type ExportedAudit } from './export-audit.js';
export { AUDIT_VERIFIER, verifyAudit, type AuditVerdict } from './verify-audit.js';
