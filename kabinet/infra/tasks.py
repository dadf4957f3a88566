"""Jobs of the floor."""

from procrastinate import RetryStrategy

from kabinet.infra import jobs, mail


@jobs.task(name="infra.send_mail", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def send_mail(to: str, subject: str, text: str, message_id: str) -> None:
    mail.send(to=to, subject=subject, text=text, message_id=message_id)
