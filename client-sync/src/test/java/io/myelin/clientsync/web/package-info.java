@NullMarked
package io.myelin.clientsync.web;

import org.jspecify.annotations.NullMarked;
