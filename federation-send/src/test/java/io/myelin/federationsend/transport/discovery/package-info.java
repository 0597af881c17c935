@NullMarked
package io.myelin.federationsend.transport.discovery;

import org.jspecify.annotations.NullMarked;
