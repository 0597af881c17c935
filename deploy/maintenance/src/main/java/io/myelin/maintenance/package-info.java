/**
 * {@code ./myelin backup}, {@code restore} and {@code check}. They work on the database itself, whether the server runs
 * or not, and in every shape of it. Which schemas there are, and what must hold in them, follows from the services'
 * descriptions.
 */
@NullMarked
package io.myelin.maintenance;

import org.jspecify.annotations.NullMarked;
