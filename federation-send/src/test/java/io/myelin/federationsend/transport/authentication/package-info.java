@NullMarked
package io.myelin.federationsend.transport.authentication;

import org.jspecify.annotations.NullMarked;
