@NullMarked
package io.myelin.clientroomsend.policy;

import org.jspecify.annotations.NullMarked;
