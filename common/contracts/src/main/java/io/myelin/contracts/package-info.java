/**
 * The messages between services: one package for each service that owns data, with its topics, its commands, the facts it
 * publishes and the queries it answers. Records are CBOR on the wire ({@link io.myelin.contracts.Cbor}); fields are only
 * ever added.
 */
@NullMarked
package io.myelin.contracts;

import org.jspecify.annotations.NullMarked;
