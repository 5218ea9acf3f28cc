@NullMarked
package com.cognitionos.flag.entity;

import org.jspecify.annotations.NullMarked;
