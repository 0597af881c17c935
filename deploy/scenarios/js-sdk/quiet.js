// Imported first: the SDK takes hold of the console when it is loaded, and would fill the log of a build.
export const print = console.log.bind(console);
export const complain = console.error.bind(console);
for (const method of ["trace", "debug", "log", "info", "warn", "error"]) console[method] = () => {};
