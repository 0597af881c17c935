/**
 * The {@link io.myelin.server.service.ServiceDescription} of each service. All else follows from the descriptions on
 * the class path: which services a process runs, the gateway's routes, the wiring page, topics, tails and the calls
 * between processes.
 */
@NullMarked
package io.myelin.server.service;

import org.jspecify.annotations.NullMarked;
