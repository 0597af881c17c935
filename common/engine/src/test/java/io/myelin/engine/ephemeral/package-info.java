@NullMarked
package io.myelin.engine.ephemeral;

import org.jspecify.annotations.NullMarked;
