/** The controllers. */
@NullMarked
package io.myelin.clientroomsend.web;

import org.jspecify.annotations.NullMarked;
