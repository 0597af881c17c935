@NullMarked
package io.myelin.federationsend.transport.destination;

import org.jspecify.annotations.NullMarked;
