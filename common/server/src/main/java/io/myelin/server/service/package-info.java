/**
 * What a service is, said once: its {@link io.myelin.server.service.ServiceDescription}. The shapes of a server, the
 * gateway's routes, the page of the wiring, topics, tails and the calls between processes follow from the descriptions on
 * the class path.
 */
@NullMarked
package io.myelin.server.service;

import org.jspecify.annotations.NullMarked;
