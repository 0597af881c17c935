/** A server's databases, as its configuration says, whether the server runs or not. */
@NullMarked
package io.myelin.maintenance.database;

import org.jspecify.annotations.NullMarked;
