import { execFile } from 'node:child_process';

/** What a program wrote. A failure says all that it wrote. */
export function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // npm is a script on Windows.
    const options = { cwd, shell: process.platform === 'win32' && program === 'npm', maxBuffer: 64 * 1_024 * 1_024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}${error.message}`, { cause: error }));
    });
  });
}
