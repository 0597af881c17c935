package io.myelin.server.observability;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.myelin.server.service.ServiceDescription;
import java.time.Duration;
import java.util.List;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * How long requests take, from their arrival to the end of their answers, including the time that they are parked: the
 * timers {@code http.server.requests}, one for each pattern of a path, method and status, with a histogram.
 */
public final class RequestTimings {

    /** The bounds of the histogram, in milliseconds. A parked request takes up to half a minute. */
    private static final List<Integer> BOUNDS =
            List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000);

    private final MeterRegistry meters;
    private final ObservationRegistry observations = ObservationRegistry.create();

    /** @param others are told of each request too */
    RequestTimings(MeterRegistry meters, List<ObservationHandler<?>> others) {
        this.meters = meters;
        observations
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(
                        meters, DefaultMeterObservationHandler.IgnoredMeters.LONG_TASK_TIMER));
        others.forEach(observations.observationConfig()::observationHandler);
    }

    /** Gives the timers their histogram. */
    static MeterFilter histogram() {
        double[] bounds = BOUNDS.stream()
                .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
                .toArray();
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(ServiceRequestConvention.NAME)
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(bounds)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }

    /** The filter that times each request. */
    ServerHttpObservationFilter filter() {
        return new ServerHttpObservationFilter(observations, new ServiceRequestConvention());
    }

    /** How many requests a service has answered in this process. */
    public long count(ServiceDescription service) {
        return meters
                .find(ServiceRequestConvention.NAME)
                .tag(ServiceRequestConvention.SERVICE, service.name())
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
