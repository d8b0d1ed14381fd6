-- Cases are looked for by the record they are about: to bill a register, and to show its dues.
create index cases_by_record on cases (tenant, service, record_registry, record_number);
