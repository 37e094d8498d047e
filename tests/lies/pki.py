# SPDX-License-Identifier: BSD-2-Clause
"""Certificates that are right or wrong in one way, and signed tokens."""

import base64
import datetime
import hashlib
import hmac
import json
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric import utils
from cryptography.x509.oid import NameOID

HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption())


def certificate(name, issuer, issuer_key, key, begin, end, ca=False):
    now = datetime.datetime.utcnow()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder().subject_name(subject)
        .issuer_name(issuer or subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begin).not_valid_after(now + end)
        .add_extension(x509.BasicConstraints(ca, None), critical=True))
    if not ca:
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


class Authority:
    """A CA, and contexts for servers, by what is wrong with them."""

    def __init__(self, directory):
        self.dir = directory
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.ca = certificate('lies', None, self.key, self.key, -DAY, DAY,
                              ca=True)
        self.ca_file = f'{directory}/ca.pem'
        with open(self.ca_file, 'wb') as file:
            file.write(self.ca.public_bytes(serialization.Encoding.PEM))
        other = ec.generate_private_key(ec.SECP256R1())
        wrong = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'other')])
        self.contexts = {
            'good': self.context('localhost'),
            'wrong-name': self.context('other.example'),
            'expired': self.context('localhost', begin=-DAY, end=-HOUR),
            'not-yet': self.context('localhost', begin=HOUR, end=DAY),
            'unknown-ca': self.context('localhost', issuer=wrong, by=other),
            'self-signed': self.context('localhost', own=True),
        }

    def context(self, name, begin=-DAY, end=DAY, issuer=None, by=None,
                own=False):
        key = ec.generate_private_key(ec.SECP256R1())
        if own:
            made = certificate(name, None, key, key, begin, end)
        else:
            made = certificate(name, issuer or self.ca.subject,
                               by or self.key, key, begin, end)
        path = f'{self.dir}/{made.serial_number}.pem'
        with open(path, 'wb') as file:
            file.write(made.public_bytes(serialization.Encoding.PEM))
            file.write(pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def number(value):
    return b64(value.to_bytes((value.bit_length() + 7) // 8, 'big'))


class Signer:
    """One key with a kid."""

    def __init__(self, kid, alg='RS256', bits=2048):
        self.kid, self.alg = kid, alg
        if alg == 'RS256':
            self.key = rsa.generate_private_key(65537, bits)
        else:
            self.key = ec.generate_private_key(ec.SECP256R1())

    def jwk(self):
        public = self.key.public_key().public_numbers()
        jwk = {'kid': self.kid, 'alg': self.alg, 'use': 'sig'}
        if self.alg == 'RS256':
            return {**jwk, 'kty': 'RSA', 'n': number(public.n),
                    'e': number(public.e)}
        return {**jwk, 'kty': 'EC', 'crv': 'P-256',
                'x': b64(public.x.to_bytes(32, 'big')),
                'y': b64(public.y.to_bytes(32, 'big'))}

    def public_pem(self):
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data):
        if self.alg == 'RS256':
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = utils.decode_dss_signature(
            self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, 'big') + s.to_bytes(32, 'big')

    def token(self, claims, header=None, secret=None):
        """A JWS; claims and header as bytes are taken as they are, and a
        secret makes it HMAC, whatever the header says."""
        if not isinstance(header, bytes):
            header = {'alg': self.alg, 'kid': self.kid, 'typ': 'JWT',
                      **(header or {})}
            header = {k: v for k, v in header.items() if v is not None}
            header = json.dumps(header).encode()
        if not isinstance(claims, bytes):
            claims = json.dumps(claims).encode()
        data = f'{b64(header)}.{b64(claims)}'.encode()
        if secret is None:
            return f'{data.decode()}.{b64(self.sign(data))}'
        mac = hmac.new(secret, data, hashlib.sha256).digest()
        return f'{data.decode()}.{b64(mac)}'


def left_hash(text):
    return b64(hashlib.sha256(text.encode()).digest()[:16])
