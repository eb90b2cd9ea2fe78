/** How the host's progress looks: one line for each event, the same words on a terminal and in a pipe. */
import type { HostEvent } from '@soloist/host/installation';
import type { Output } from './output.js';

/** Where each part's name is needed by people: parts without a place say nothing there. */
export function showProgress(output: Output, event: HostEvent, displayFolder: (folder: string) => string): void {
  output.json(event);
  if (output.isJson) return;
  switch (event.type) {
    case 'up.started':
      output.message(`soloist ${event.version}   node ${event.node}   data: ${displayFolder(event.dataDir)}   (delete the folder to start over)`);
      break;
    case 'warning':
      output.message(`${output.style('yellow', 'warning')} ${event.message}`);
      break;
    case 'part.ready':
      output.message(`  ${event.part.padEnd(10)} ${event.what.padEnd(44)} ${(event.at ?? '').padEnd(16)} ${event.isOurs ? 'ready' : 'ready (external, not started or stopped by us)'}${event.seconds > 0 ? `  ${event.seconds.toFixed(1)} s` : ''}`);
      break;
    case 'part.died':
      output.message(`${output.style('yellow', 'died')} ${event.part}: ${event.why}; it is started again`);
      break;
    case 'part.restarted':
      output.message(`restarted ${event.part} as process ${event.pid} after ${event.seconds.toFixed(1)} s`);
      break;
    case 'up.ready':
      output.line(`ready in ${event.seconds.toFixed(1)} s`);
      output.line(`  API    ${event.api}`);
      output.line(`  mail   smtp://${event.smtp.host}:${event.smtp.port}`);
      output.message('next: ./soloist demo   ./soloist gate list   ./soloist status');
      break;
    case 'up.stopping':
      output.message(`stopping${event.openRuns === null ? '' : `: ${event.openRuns} open ${event.openRuns === 1 ? 'run' : 'runs'}`}`);
      break;
    case 'up.stopped':
      for (const part of event.killed) output.message(`${part} did not finish in time; the next start takes its work up again`);
      output.message(`stopped after ${event.seconds.toFixed(1)} s${event.openRuns === null || event.openRuns === 0 ? '' : `; ${event.openRuns} ${event.openRuns === 1 ? 'run' : 'runs'} paused; \`./soloist up\` resumes ${event.openRuns === 1 ? 'it' : 'them'}`}`);
      break;
  }
}
