@NullMarked
package io.myelin.federation.discovery;

import org.jspecify.annotations.NullMarked;
