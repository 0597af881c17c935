/**
 * The life of a process: {@link io.myelin.server.service.Program} says which components it is made of, {@link
 * io.myelin.server.process.ComponentProcess} reads the configuration, starts them, and stops them in order. {@link
 * io.myelin.server.process.ConfigurationReload} changes what may change meanwhile.
 */
@NullMarked
package io.myelin.server.process;

import org.jspecify.annotations.NullMarked;
