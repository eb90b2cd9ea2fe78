/**
 * A file system in a file, so that the power can be cut under it: what the backing file holds is what was really flushed,
 * and everything else (dirty pages, a write that was never synced) is gone in the copy. Needs root and loop devices.
 *
 * I1 where they are missing, it is said: a cut that could not be made is never a cut that was survived
 */
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class LoopImage {
  #generation = 0;
  #isMounted = false;

  private constructor(
    private readonly folder: string,
    readonly mountPoint: string,
  ) {}

  /** @throws Error when this is not possible here, with what it needs */
  static async create(folder: string, megabytes: number): Promise<LoopImage> {
    const image = new LoopImage(folder, join(folder, 'disk'));
    await mkdir(image.mountPoint, { recursive: true });
    try {
      await run('truncate', ['-s', `${megabytes}M`, image.file]);
      await run('mkfs.ext4', ['-q', '-F', image.file]);
      await image.mount();
      return image;
    } catch (error) {
      await image.remove();
      throw new Error(`a power cut needs root, mkfs.ext4 and loop devices: ${String(error)}`, { cause: error });
    }
  }

  /**
   * Everything not flushed is gone. Call it while nobody can write any more (the writer is stopped, not ended: what it
   * would do on its way out does not happen); `afterCopy` ends the writer. Then the copy lies at the mount point.
   */
  async cut(afterCopy: () => Promise<void>): Promise<void> {
    const before = this.file;
    this.#generation += 1;
    await run('cp', ['--sparse=always', before, this.file]);
    await afterCopy();
    await this.unmount();
    await rm(before, { force: true });
    await this.mount();
  }

  async remove(): Promise<void> {
    await this.unmount();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, `image-${this.#generation}`);
  }

  private async mount(): Promise<void> {
    await run('mount', ['-o', 'loop', this.file, this.mountPoint]);
    this.#isMounted = true;
  }

  private async unmount(): Promise<void> {
    if (!this.#isMounted) return;
    await run('umount', [this.mountPoint]).catch(() => run('umount', ['-l', this.mountPoint]));
    this.#isMounted = false;
  }
}
